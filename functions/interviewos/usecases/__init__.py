"""What can be done with an interview, told in terms of ports."""
