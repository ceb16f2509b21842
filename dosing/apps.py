from django.apps import AppConfig


class DosingConfig(AppConfig):
    name = "dosing"
    label = "dosing"
    verbose_name = "CMV dosing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from dosing.exports import checks  # noqa: F401  registers itself
