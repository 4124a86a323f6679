package groups_test

import (
	"slices"
	"testing"

	"github.com/cachegen/cachegen/runtime/store/internal/groups"
)

func TestLargest(t *testing.T) {
	for name, test := range map[string]struct {
		keys  []string
		group string
		marks []string
	}{
		"none":                 {},
		"one mark":             {keys: []string{"m/t3f/9a"}},
		"two marks":            {keys: []string{"m/t3f/9a", "m/t3f/9b"}, group: "m/t3f", marks: []string{"m/t3f/9a", "m/t3f/9b"}},
		"the mark is there":    {keys: []string{"m/t3f", "m/t3f/9a"}, group: "m/t3f", marks: []string{"m/t3f/9a"}},
		"marks of groups only": {keys: []string{"m/t3f", "m/t40"}},
		"the larger":           {keys: []string{"m/a00/1", "m/a00/2", "m/b00/1", "m/b00/2", "m/b00/3"}, group: "m/b00", marks: []string{"m/b00/1", "m/b00/2", "m/b00/3"}},
		"the first of two":     {keys: []string{"m/b00/1", "m/b00/2", "m/a00/1", "m/a00/2"}, group: "m/a00", marks: []string{"m/a00/1", "m/a00/2"}},
	} {
		t.Run(name, func(t *testing.T) {
			group, marks := groups.Largest(slices.Values(test.keys))
			if group != test.group || !slices.Equal(marks, test.marks) {
				t.Errorf("Largest(%v) = %q, %v, want %q, %v", test.keys, group, marks, test.group, test.marks)
			}
		})
	}
}
