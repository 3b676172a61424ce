"""Published image networks without their last layer, written anew; several networks share them."""
