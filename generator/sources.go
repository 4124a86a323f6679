package generator

// Sources are the directories with code that the version of a function of the result is made of, none if it has no version of its own: it
// is overridden, or has errors. The name is [Function.Name].
func (r *Result) Sources(name string) []string {
	v := r.versions[name]
	if v == nil {
		return nil
	}
	return v.Directories()
}
