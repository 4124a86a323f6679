// Package stdmodel is all that the analysis knows of the standard library, whose code it does not look at. It knows names alone.
package stdmodel
