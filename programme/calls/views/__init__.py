"""Pages of calls: the console's editor, questions and answers, closing times of single cities."""
