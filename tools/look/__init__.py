"""Hold style sheets and templates to the house rules of docs/frontend.md."""
