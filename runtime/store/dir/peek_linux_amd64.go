package dir

const preadv2 = 327 // The number of the system call.
