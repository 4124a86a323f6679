// Command weather calls cached functions as it is told on its standard input, for tests of what processes share.
package main

import (
	"context"
	"fmt"
	"os"
	"time"
)

//go:generate cachegen .

// Report is what a weather service says, and who asked it.
type Report struct {
	City  string
	Asked string
}

// Forecast asks the weather service, which takes a moment. It notes each asking in the file that WEATHER_LOG names.
//
//cache:auto serialize=5s tags=city:{city}
func Forecast(_ context.Context, city string) (Report, error) { return ask(city, 300*time.Millisecond) }

// Temperature asks a quick weather service.
//
//cache:auto max-age=200ms
func Temperature(_ context.Context, city string) (Report, error) { return ask(city, 0) }

// ask is not seen by versions in all that it does, which is the point of these tests.
//
//cache:reviewed
func ask(city string, takes time.Duration) (Report, error) {
	time.Sleep(takes)
	asked := fmt.Sprintf("%s by %d at %d", city, os.Getpid(), time.Now().UnixNano())
	f, err := os.OpenFile(os.Getenv("WEATHER_LOG"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return Report{}, err
	}
	defer f.Close()
	_, err = fmt.Fprintln(f, asked)
	return Report{City: city, Asked: asked}, err
}
