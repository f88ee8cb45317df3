package main

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/connector"
)

// contents returns the mode and the bytes of each file below a directory, by path.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		found[path] = info.Mode().String()
		if info.Mode().IsRegular() {
			content, err := os.ReadFile(path) //nolint:gosec // in the test's own folder
			found[path] += " " + string(content)
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestARefusedStartChangesNothing(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	start(t, simulated, "DATA_DIR="+data, "NOW=2026-11-22T09:00:00Z")
	unfinished := filepath.Join(data, tokensFolder, "demo."+connector.NewID()+"~") // a Put by the first program is not finished
	if err := os.WriteFile(unfinished, []byte("ghp_half"), 0o600); err != nil {
		t.Fatal(err)
	}
	before := contents(t, data)
	for _, now := range []string{"", "2026-11-21T09:00:00Z", "2027-11-21T09:00:00Z"} {
		t.Setenv("NOW", now)
		if err := run(t.Context(), io.Discard, io.Discard); err == nil || !strings.Contains(err.Error(), "another make run uses") {
			t.Errorf("got %v, want an error that another make run uses the directory", err)
		}
	}
	if diff := cmp.Diff(before, contents(t, data)); diff != "" {
		t.Errorf("the data directory has changed (-before +after):\n%s", diff)
	}
}

func TestADataDirectoryThatOthersCanEnterIsClosedOrRefused(t *testing.T) {
	for name, c := range map[string]struct {
		mode    fs.FileMode
		foreign bool
	}{
		"open to all, with our files":     {0o777, false},
		"readable by all, with our files": {0o755, false},
		"open to a group, with others'":   {0o770, true},
		"open to all, with others'":       {0o777, true},
	} {
		t.Run(name, func(t *testing.T) {
			data := t.TempDir()
			if c.foreign {
				if err := os.WriteFile(filepath.Join(data, "notes.txt"), nil, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if err := os.Chmod(data, c.mode); err != nil {
				t.Fatal(err)
			}
			if !c.foreign {
				program := start(t, simulated, "DATA_DIR="+data)
				if info, err := os.Stat(data); err != nil || info.Mode().Perm() != private {
					t.Errorf("the directory's mode is %s (%v)", info.Mode(), err)
				}
				if log := program.log.String(); !strings.Contains(log, "now its owner alone can") {
					t.Errorf("the log does not mention it: %s", log)
				}
				return
			}
			before := contents(t, data)
			t.Setenv("LISTEN", "127.0.0.1:0")
			t.Setenv("DATA_DIR", data)
			if err := run(t.Context(), io.Discard, io.Discard); err == nil || !strings.Contains(err.Error(), "chmod 700") {
				t.Errorf("got %v, want an error that advises chmod 700", err)
			}
			if diff := cmp.Diff(before, contents(t, data)); diff != "" {
				t.Errorf("the data directory has changed (-before +after):\n%s", diff)
			}
		})
	}
}
