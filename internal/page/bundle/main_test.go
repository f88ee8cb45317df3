package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const room = ".."

func TestTheCommittedPageMatchesItsSources(t *testing.T) {
	t.Parallel()
	built, err := build(room)
	if err != nil {
		t.Fatal(err)
	}
	committed, err := os.ReadDir(filepath.Join(room, "dist"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range committed {
		if _, ok := built[file.Name()]; !ok {
			t.Errorf("dist/%s has no source", file.Name())
		}
	}
	for name, want := range built {
		got, err := os.ReadFile(filepath.Join(room, "dist", name))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("dist/%s differs from what the sources give (%v): run go generate ./internal/page", name, err)
		}
	}
}

func TestThePageHasTheRightsOfPackageAccess(t *testing.T) {
	t.Parallel()
	if got, err := os.ReadFile(filepath.Join(room, rightsFile)); err != nil || !bytes.Equal(got, rights()) {
		t.Errorf("%s is not what package access gives (%v): run go generate ./internal/page", rightsFile, err)
	}
}

func TestVendoredFilesMatchTheirChecksums(t *testing.T) {
	t.Parallel()
	sums, err := os.ReadFile(filepath.Join(room, "third_party.sha256"))
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for line := range strings.Lines(string(sums)) {
		want, path, _ := strings.Cut(strings.TrimSpace(line), "  ")
		known[filepath.FromSlash(path)] = true
		content, err := os.ReadFile(filepath.Join(room, path))
		if err != nil {
			t.Fatal(err)
		}
		if got := sha256.Sum256(content); hex.EncodeToString(got[:]) != want {
			t.Errorf("%s differs from its checksum", path)
		}
	}
	err = filepath.WalkDir(filepath.Join(room, "third_party"), func(path string, entry os.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			if relative, _ := filepath.Rel(room, path); !known[relative] {
				t.Errorf("%s has no checksum", relative)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
