package dir

const preadv2 = 286 // The number of the system call.
