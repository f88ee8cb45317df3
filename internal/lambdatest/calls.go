package lambdatest

import (
	"debug/elf"
	"debug/gosym"
	"io/fs"
	"path/filepath"
	"testing"
)

// canCall lists every Go function and method in a release of a function, under its full name. The linker leaves out what
// nothing can call, methods included, so an operation of an AWS client that is not here cannot be asked for. The table
// of names that is read is the one that stack traces need: releases have it too.
func canCall(t testing.TB, logicalID string) []string {
	t.Helper()
	names, err := namesIn(BuildRelease(t, logicalID))
	if err != nil {
		t.Fatalf("reading the names in %s: %v", logicalID, err)
	}
	return names
}

func namesIn(binary string) ([]string, error) {
	file, err := elf.Open(binary)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // it was only read
	lines, err := file.Section(".gopclntab").Data()
	if err != nil {
		return nil, err
	}
	table, err := gosym.NewTable(nil, gosym.NewLineTable(lines, file.Section(".text").Addr))
	if err != nil {
		return nil, err
	}
	names := make([]string, len(table.Funcs))
	for i, function := range table.Funcs {
		names[i] = function.Name
	}
	return names, nil
}

// dependOnSources makes go test run a test again that has passed when one of our sources has changed since: it knows the
// folders that a test itself reads, and nothing of what the make that a test starts reads.
func dependOnSources(t testing.TB) {
	t.Helper()
	for _, root := range []string{"../../functions", "../../internal"} {
		if err := filepath.WalkDir(root, func(_ string, _ fs.DirEntry, err error) error { return err }); err != nil {
			t.Fatal(err)
		}
	}
}
