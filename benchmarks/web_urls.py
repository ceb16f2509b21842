"""The product's addresses and those of the two bare pages."""

from django.urls import include, path

from benchmarks import web_reference

urlpatterns = [
    path("reference/small/", web_reference.small),
    path("reference/filled/", web_reference.filled),
    path("", include("config.urls")),
]
