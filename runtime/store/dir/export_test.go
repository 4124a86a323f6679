package dir

// TryLock lets tests hold locks as a stopped process would.
var TryLock = tryLock
