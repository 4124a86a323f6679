package engine

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"time"

	"github.com/cachegen/cachegen/runtime/internal/settings"
	"github.com/cachegen/cachegen/runtime/store/layer"
)

// Setting is a setting in force for programs that say nothing themselves.
type Setting struct {
	// Name is the setting's name, Value its value without secrets. From says where the value is
	// from: a variable, a file, or "default".
	Name  string `json:"name"`
	Value string `json:"value"`
	From  string `json:"from"`
}

// Environment returns the settings of programs that are started with this environment and configure
// nothing themselves.
func Environment() ([]Setting, error) {
	var file *settings.File
	name := os.Getenv("CACHEGEN_CONFIG")
	if name != "" {
		f, err := settings.Read(name, fileModes)
		if err != nil {
			return nil, fmt.Errorf("CACHEGEN_CONFIG: %w", err)
		}
		file = f
	} else {
		file = new(settings.File)
	}
	if _, err := environ(); err != nil {
		return nil, err
	}
	var l []Setting
	add := func(setting, variable, said, standard string) {
		s := Setting{setting, standard, "default"}
		if said != "" {
			s.Value, s.From = said, name
		}
		if v := os.Getenv(variable); variable != "" && v != "" {
			s.Value, s.From = v, variable
		}
		l = append(l, s)
	}
	add("mode", "CACHEGEN_MODE", file.Mode, Use.String())
	add("store", "CACHEGEN_STORE", file.Store, sharedURL)
	l[1].Value = layer.Place(nil, l[1].Value)
	if os.Getenv("CACHEGEN_STORE") == NoStore || file.Store == NoStore && os.Getenv("CACHEGEN_STORE") == "" {
		l[1].Value = NoStore
	}
	add("folder of dir:", "CACHEGEN_DIR", "", "")
	add("project", "CACHEGEN_PROJECT", "", "")
	add("domain", "CACHEGEN_DOMAIN", "", "")
	add("audit", "CACHEGEN_AUDIT", percentOf(file.Audit), "none")
	add("max-age", "", age(file.MaxAge), "what directives say")
	add("memory-entries", "", number(file.MemoryEntries), "what directives say, or "+strconv.Itoa(defaultEntries))
	add("config", "CACHEGEN_CONFIG", "", "none")
	for _, pattern := range slices.Sorted(maps.Keys(file.Functions)) {
		r := file.Functions[pattern]
		for _, s := range []struct{ name, value string }{
			{"mode", r.Mode},
			{"audit", percentOf(r.Audit)},
			{"max-age", age(r.MaxAge)},
			{"memory-entries", number(r.MemoryEntries)},
			{"store", r.Store},
		} {
			if s.value != "" {
				l = append(l, Setting{s.name + " of " + pattern, s.value, name})
			}
		}
	}
	return l, nil
}

func percentOf(s *settings.Share) string {
	if s == nil {
		return ""
	}
	return strconv.FormatFloat(100*float64(*s), 'g', -1, 64) + "%"
}

func age(d *settings.Duration) string {
	if d == nil {
		return ""
	}
	return cmp.Or(time.Duration(*d).String(), "0s")
}

func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
