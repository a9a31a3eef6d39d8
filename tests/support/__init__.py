"""What the tests stand on: fakes of the services we call, real emulators, a dev server and a client."""
