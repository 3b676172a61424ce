"""Where frames come from: cameras, videos, image folders, bags, and a built-in scene."""
