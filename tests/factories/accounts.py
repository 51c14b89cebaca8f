"""People."""

import factory

from accounts.models import User
from accounts.states import StaffRole

PASSWORD = "pair-of-cities"


class UserFactory(factory.django.DjangoModelFactory):
    """A city user; sign in with `client.force_login`."""

    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person{n}@city.example")
    full_name = factory.Sequence(lambda n: f"Person {n}")
    password = factory.django.Password(PASSWORD)


class CoordinatorFactory(UserFactory):
    staff_role = StaffRole.COORDINATOR


class AssessorFactory(UserFactory):
    staff_role = StaffRole.ASSESSOR


class ObserverFactory(UserFactory):
    staff_role = StaffRole.OBSERVER


class DeskFactory(UserFactory):
    """A regional desk; name its partner countries with `countries=[...]`."""

    class Meta:
        skip_postgeneration_save = True

    staff_role = StaffRole.REGIONAL_DESK

    @factory.post_generation
    def countries(self, create, extracted, **kwargs):
        for country in extracted or []:
            self.desk_countries.create(country=country)
