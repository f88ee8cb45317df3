package files_test

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/vault/files"
	"cloudmonitor.ai/copilot-connector/internal/vault/vaulttest"
)

func newFiles(t *testing.T, dir string) *files.Vault {
	t.Helper()
	v, err := files.Open(dir)
	must(t, err)
	t.Cleanup(func() {
		if err := v.Close(); err != nil {
			t.Error(err)
		}
	})
	return v
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestFilesAreAVault(t *testing.T) {
	t.Parallel()
	vaulttest.Run(t, newFiles(t, filepath.Join(t.TempDir(), "vault")))
}

func TestNoPrintedTextContainsATokenOrAName(t *testing.T) {
	t.Parallel()
	var printed vaulttest.Printed
	dir, id := filepath.Join(t.TempDir(), "vault"), connector.NewID()
	v := newFiles(t, dir)
	must(t, v.Put(t.Context(), "acme", id, credential.NewToken(vaulttest.Canary)))
	token, err := v.Get(t.Context(), "acme", id)
	printed.Tell(v, token, err)
	must(t, os.WriteFile(filepath.Join(dir, "acme."+id), []byte("x"+vaulttest.Canary), 0o600))
	_, err = v.Get(t.Context(), "acme", id)
	printed.Tell(err, v.Put(t.Context(), "acme", id, credential.NewToken("x"+vaulttest.Canary)))
	printed.LacksAll(t, vaulttest.Canary, "acme", id)
}

// listing returns the names in a directory.
func listing(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	must(t, err)
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return strings.Join(names, " ")
}

func mode(t *testing.T, path string) os.FileMode {
	t.Helper()
	info, err := os.Stat(path)
	must(t, err)
	return info.Mode().Perm()
}

func TestNobodyElseCanReadAFile(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "vault")
	v, id := newFiles(t, dir), connector.NewID()
	must(t, v.Put(t.Context(), "acme", id, credential.NewToken(vaulttest.Canary)))
	if got := mode(t, dir); got != 0o700 {
		t.Errorf("the directory is %o", got)
	}
	if got := mode(t, filepath.Join(dir, "acme."+id)); got != 0o600 {
		t.Errorf("the file is %o", got)
	}
}

func TestEachTokenIsOneFileAndNothingElseIsLeft(t *testing.T) {
	dir, id := t.TempDir(), connector.NewID()
	must(t, os.Chmod(dir, 0o700)) //nolint:gosec // a directory
	v := newFiles(t, dir)
	for _, value := range []string{vaulttest.Other, vaulttest.Canary} {
		must(t, v.Put(t.Context(), "acme", id, credential.NewToken(value)))
		if got := listing(t, dir); got != "acme."+id {
			t.Errorf("the directory has %q", got)
		}
	}
	must(t, v.Delete(t.Context(), "acme", id))
	if got := listing(t, dir); got != "" {
		t.Errorf("the directory has %q, want nothing", got)
	}
}

func TestConcurrentPutsForOneConnectorAllSucceed(t *testing.T) {
	dir, id := filepath.Join(t.TempDir(), "vault"), connector.NewID()
	v := newFiles(t, dir)
	var putting sync.WaitGroup
	for range 50 {
		putting.Go(func() {
			if err := v.Put(t.Context(), "acme", id, credential.NewToken(vaulttest.Canary)); err != nil {
				t.Error(err)
			}
		})
	}
	putting.Wait()
	vaulttest.Holds(t, v, "acme", id, vaulttest.Canary)
	if got := listing(t, dir); got != "acme."+id {
		t.Errorf("the directory has %q", got)
	}
}

func TestOnlyTokensOfKnownConnectorsAreKept(t *testing.T) {
	t.Parallel()
	dir, known, other := filepath.Join(t.TempDir(), "vault"), connector.NewID(), connector.NewID()
	v := newFiles(t, dir)
	for _, id := range []string{known, other} {
		must(t, v.Put(t.Context(), "acme", id, credential.NewToken(vaulttest.Canary)))
	}
	must(t, os.WriteFile(filepath.Join(dir, "notes.txt"), nil, 0o600))
	removed, err := v.KeepOnly(func(tenant, id string) (bool, error) { return tenant == "acme" && id == known, nil })
	if err != nil || removed != 1 {
		t.Errorf("%d tokens were removed, %v", removed, err)
	}
	if got := listing(t, dir); got != "acme."+known+" notes.txt" {
		t.Errorf("the directory has %q", got)
	}
}

func TestARestartKeepsTokensAndDropsUnfinishedOnes(t *testing.T) {
	dir, id, second := filepath.Join(t.TempDir(), "vault"), connector.NewID(), connector.NewID()
	must(t, newFiles(t, dir).Put(t.Context(), "acme", id, credential.NewToken(vaulttest.Canary)))
	for _, crashed := range []string{id, second} {
		must(t, os.WriteFile(filepath.Join(dir, "acme."+crashed+"~"), []byte(vaulttest.Other[:9]), 0o600))
	}
	again := newFiles(t, dir)
	vaulttest.Holds(t, again, "acme", id, vaulttest.Canary)
	vaulttest.Holds(t, again, "acme", second, "")
	if got := listing(t, dir); got != "acme."+id {
		t.Errorf("the directory has %q", got)
	}
}

func TestADirectoryOfTokensIsMadePrivate(t *testing.T) {
	for name, c := range map[string]struct{ file, says string }{
		"empty":         {file: ""},
		"tokens":        {file: "acme." + connector.NewID()},
		"anything else": {file: "notes.txt", says: "holds more than tokens"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if c.file != "" {
				must(t, os.WriteFile(filepath.Join(dir, c.file), nil, 0o600))
			}
			must(t, os.Chmod(dir, 0o755)) //nolint:gosec // what is under test
			v, err := files.Open(dir)
			if c.says != "" {
				if err == nil || !strings.Contains(err.Error(), c.says) || mode(t, dir) != 0o755 {
					t.Errorf("got %v and the mode %o, want %q and 755", err, mode(t, dir), c.says)
				}
				return
			}
			must(t, err)
			must(t, v.Close())
			if got := mode(t, dir); got != 0o700 {
				t.Errorf("the directory is %o", got)
			}
		})
	}
}

func TestTheErrorNamesAnUnusableDirectory(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	must(t, os.WriteFile(file, nil, 0o600))
	for _, dir := range []string{file, filepath.Join(file, "vault")} {
		if _, err := files.Open(dir); err == nil || !strings.Contains(err.Error(), file) {
			t.Errorf("Open returned %v, want an error that names %s", err, file)
		}
	}
}

func TestAnErrorOfTheFileSystemIsAnErrorOfTheVault(t *testing.T) {
	dir, id := filepath.Join(t.TempDir(), "vault"), connector.NewID()
	v := newFiles(t, dir)
	must(t, os.MkdirAll(filepath.Join(dir, "acme."+id, "in the way"), 0o700))
	_, errGet := v.Get(t.Context(), "acme", id)
	for what, err := range map[string]error{
		"put": v.Put(t.Context(), "acme", id, credential.NewToken(vaulttest.Canary)), "get": errGet, "delete": v.Delete(t.Context(), "acme", id),
	} {
		if !fault.Is(err, fault.Vault) || strings.Contains(err.Error(), id) || strings.Contains(err.Error(), dir) {
			t.Errorf("%s: got %v", what, err)
		}
	}
	if got := listing(t, dir); got != "acme."+id {
		t.Errorf("the directory has %q", got)
	}
}

func TestAnInvalidFileIsAnErrorOfTheVault(t *testing.T) {
	dir, id := filepath.Join(t.TempDir(), "vault"), connector.NewID()
	v := newFiles(t, dir)
	for _, content := range []string{"", vaulttest.Canary[:3], strings.Repeat("ghp_", 1<<18), "ghp_\x00"} {
		must(t, os.WriteFile(filepath.Join(dir, "acme."+id), []byte(content), 0o600))
		if _, err := v.Get(t.Context(), "acme", id); !fault.Is(err, fault.Vault) {
			t.Errorf("Get returned %v, want code vault_failed", err)
		}
	}
}
