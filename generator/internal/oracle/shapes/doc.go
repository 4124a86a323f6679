// Package shapes has a corpus of small packages that do what people cache in real programs: clients, repositories, parsers, templates, batches. Each is
// generated as its directive says and run in two processes, and its helper is edited.
package shapes
