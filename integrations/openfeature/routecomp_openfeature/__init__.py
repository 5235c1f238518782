"""Ask routecomp through OpenFeature: a flag is a feature or a name, its value the model that answers."""

from routecomp_openfeature.provider import RoutecompProvider

__all__ = ["RoutecompProvider"]
