// Package facts is what is known of a package once it was looked at: plain data, without syntax and without types, that refers to
// other packages by name alone. It can be kept as long as the package's files and the declarations that it imports stay the same.
package facts
