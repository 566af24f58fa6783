"""The one ICC profile (sRGB) that printed matter names as its output intent."""
