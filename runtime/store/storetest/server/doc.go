// Package server starts real servers for the tests of stores, and kills, stops and restarts them.
// It is for Unix: stopping is.
package server
