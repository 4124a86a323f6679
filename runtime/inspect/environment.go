package inspect

import "github.com/cachegen/cachegen/runtime/internal/engine"

// Setting is a setting in force for programs that say nothing themselves: its name, its value without secrets, and where it is from, a
// variable, a file, or "default".
type Setting = engine.Setting

// Environment returns the settings in force for programs that are started with the environment of this one and say nothing themselves. The
// error says what in it can't be right.
func Environment() ([]Setting, error) { return engine.Environment() }
