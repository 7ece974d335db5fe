"""The Web API: one function a method, registered by its name; unknown ones are refused."""
