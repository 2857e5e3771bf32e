"""The parliamentary questions of the Assemblée nationale as checked linked data."""
