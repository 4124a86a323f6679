// Package weather has the functions that the examples in the documentation of package cache call.
// They say when they are executed.
package weather

//go:generate go run ../../cmd/cachegen .

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	cache "github.com/cachegen/cachegen/runtime"
)

// Report is a forecast.
type Report struct {
	City string
	Days int
	Text string
}

// Forecast asks the weather service.
//
//cache:auto tags=city:{city} keep-inputs keep-failed
func Forecast(ctx context.Context, city string, days int) (Report, error) {
	if ctx.Err() != nil {
		return Report{}, ctx.Err()
	}
	fmt.Println("asking about", city)
	if city == "Atlantis" {
		return Report{}, errors.New("no such city")
	}
	return Report{city, days, "sunny"}, nil
}

// Download is a step of a pipeline: a run that is started again finds what it has done.
//
//cache:auto per=run
func Download(_ context.Context, station string) (string, error) {
	fmt.Println("downloading", station)
	return "data of " + station, nil
}

// Words counts the words of a file, whatever it is called.
//
//cache:auto
func Words(_ context.Context, f cache.File) (int, error) {
	fmt.Println("reading")
	data, err := os.ReadFile(string(f))
	return len(strings.Fields(string(data))), err
}

// season joins the version of what it is a policy of.
func season(context.Context, cache.VersionParams) (string, error) {
	return "winter 2026", nil
}

// Outlook is valid for a season.
//
//cache:auto policy=deep,season
func Outlook(_ context.Context, city string) (string, error) {
	fmt.Println("looking ahead for", city)
	return "mild", nil
}

// Login has an input that is never stored.
//
//cache:auto keep-inputs
func Login(_ context.Context, user, password string) (bool, error) {
	return user == "ann" && password != "", nil
}

// Source says where texts are looked up.
type Source struct{ Name string }

// Lookup takes a parameter that is no part of the key.
//
//cache:auto ignore=from reviewed
func Lookup(_ context.Context, from *Source, word string) (string, error) {
	return strings.ToUpper(word), nil
}
