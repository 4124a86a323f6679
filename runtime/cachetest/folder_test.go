package cachetest

import (
	"regexp"
	"strings"
	"testing"
)

// TestFolders sees that tests do not share folders, and that the names of folders are as people
// expect where that can be.
func TestFolders(t *testing.T) {
	long := "TestCities/" + strings.Repeat("x", 200)
	folders := map[string]string{}
	for _, test := range []string{
		"TestCities", "TestCities/Berlin", "TestCities/Berlin/3", "TestCities/Berlin-3", "TestCities/Berlin_3", "TestCities/Berlin.", "TestCities/Berlin.3",
		"TestCities/東京", "TestCities/大阪", "TestCities/Köln", "TestCities/K.ln", "TestCities/a:b", "TestCities/a*b", "TestCities/..", "TestCities/.", "TestCities/-",
		"TestCities/#00", "TestCities/#01", "TestCities/" + strings.Repeat("Berlin", 30), long + "a", long + "b",
	} {
		folder := folderName(test)
		if other, taken := folders[folder]; taken {
			t.Errorf("%s and %s share %s", test, other, folder)
		}
		folders[folder] = test
		if len(folder) > 140 || !regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.-]*[A-Za-z0-9]$`).MatchString(folder) {
			t.Errorf("%s: %s", test, folder)
		}
	}
	for folder, test := range map[string]string{"TestCities": "TestCities", "TestCities-Berlin": "TestCities/Berlin", "TestCities-Berlin_3": "TestCities/Berlin_3"} {
		if folders[folder] != test {
			t.Errorf("%s is not in %s", test, folder)
		}
	}
}
