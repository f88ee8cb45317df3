// Package files keeps tokens in files, for the local program.
package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"sync"

	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/vault"
)

// Vault keeps each token in a file of its own, unencrypted, for the local program. One process at a time may use
// a directory.
type Vault struct {
	dir     *os.Root
	writing sync.Mutex // held while there is an unfinished file
}

const (
	private     = 0o700
	privateFile = 0o600

	// unfinished marks what a Put has not renamed yet. No tenant and no id has a tilde.
	unfinished = "~"

	// maxFile is more than any token has; what is longer was not written here.
	maxFile = 1 << 10
)

// Open makes the directory, or takes one that is there if nobody else can enter it. What a crash left half written
// in it is removed. A directory that others can enter is closed to them when it holds nothing but tokens and is ours;
// otherwise that is an error, as it may be there for others to use.
func Open(dir string) (*Vault, error) {
	if err := os.MkdirAll(dir, private); err != nil {
		return nil, fmt.Errorf("make the directory of tokens: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open the directory of tokens: %w", err)
	}
	if err := prepare(root); err != nil {
		return nil, errors.Join(fmt.Errorf("directory of tokens %s: %w", dir, err), root.Close())
	}
	return &Vault{dir: root}, nil
}

func prepare(dir *os.Root) error {
	info, err := dir.Stat(".")
	if err != nil {
		return err
	}
	entries, err := fs.ReadDir(dir.FS(), ".")
	if err != nil {
		return err
	}
	onlyTokens := true
	for _, entry := range entries {
		name, isUnfinished := strings.CutSuffix(entry.Name(), unfinished)
		switch tenant, id, _ := strings.Cut(name, "."); {
		case vault.CheckName("", tenant, id) != nil:
			onlyTokens = false
		case isUnfinished:
			if err := dir.Remove(entry.Name()); err != nil {
				return err
			}
		}
	}
	if info.Mode().Perm()&^private == 0 {
		return nil
	}
	if !onlyTokens {
		return errors.New("others can enter it, and it holds more than tokens: name another one, or make it yours alone (chmod 700)")
	}
	if err := dir.Chmod(".", private); err != nil {
		return fmt.Errorf("others can enter it, and that cannot be changed: %w", cause(err))
	}
	return nil
}

// Put stores the token in place of the one before. The file holds the one or the other at any time, also after a crash.
func (v *Vault) Put(_ context.Context, tenant, id string, token credential.Token) error {
	if err := vault.CheckName(vault.OpPut, tenant, id); err != nil {
		return err
	}
	if err := token.Check(); err != nil {
		return err
	}
	name := fileName(tenant, id)
	temporary := name + unfinished
	v.writing.Lock()
	defer v.writing.Unlock()
	err := v.write(temporary, token.Reveal())
	if err == nil {
		err = v.dir.Rename(temporary, name)
	}
	if err != nil {
		_ = v.dir.Remove(temporary) // as well as may be: the error says that the token is not stored
		return vault.Failed(vault.OpPut, cause(err))
	}
	return v.sync(vault.OpPut)
}

// write makes a file whose bytes are on the disk when it returns.
func (v *Vault) write(name, value string) error {
	file, err := v.dir.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, privateFile)
	if err != nil {
		return err
	}
	_, err = file.WriteString(value)
	return errors.Join(err, file.Sync(), file.Close())
}

// Get returns the token.
func (v *Vault) Get(_ context.Context, tenant, id string) (credential.Token, error) {
	if err := vault.CheckName(vault.OpGet, tenant, id); err != nil {
		return credential.Token{}, err
	}
	file, err := v.dir.Open(fileName(tenant, id))
	if errors.Is(err, fs.ErrNotExist) {
		return credential.Token{}, vault.Absent()
	}
	if err != nil {
		return credential.Token{}, vault.Failed(vault.OpGet, cause(err))
	}
	stored, err := io.ReadAll(io.LimitReader(file, maxFile))
	if err := errors.Join(err, file.Close()); err != nil {
		return credential.Token{}, vault.Failed(vault.OpGet, cause(err))
	}
	return vault.Parse(string(stored))
}

// Delete removes the token; one that is not there is a success.
func (v *Vault) Delete(_ context.Context, tenant, id string) error {
	if err := vault.CheckName(vault.OpDelete, tenant, id); err != nil {
		return err
	}
	if err := v.dir.Remove(fileName(tenant, id)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return vault.Failed(vault.OpDelete, cause(err))
	}
	return v.sync(vault.OpDelete)
}

// KeepOnly removes the tokens of connectors that are not known, and returns how many they were. Nobody may put tokens
// meanwhile.
func (v *Vault) KeepOnly(known func(tenant, id string) (bool, error)) (removed int, err error) {
	entries, err := fs.ReadDir(v.dir.FS(), ".")
	if err != nil {
		return 0, vault.Failed(vault.OpDelete, cause(err))
	}
	for _, entry := range entries {
		tenant, id, _ := strings.Cut(entry.Name(), ".")
		if vault.CheckName("", tenant, id) != nil {
			continue // not ours
		}
		if keep, err := known(tenant, id); keep || err != nil {
			if err != nil {
				return removed, err
			}
			continue
		}
		if err := v.dir.Remove(entry.Name()); err != nil {
			return removed, vault.Failed(vault.OpDelete, cause(err))
		}
		removed++
	}
	return removed, v.sync(vault.OpDelete)
}

// Close lets go of the directory.
func (v *Vault) Close() error { return v.dir.Close() }

// sync makes what was renamed or removed last through a power cut.
func (v *Vault) sync(op string) error {
	dir, err := v.dir.Open(".")
	if err != nil {
		return vault.Failed(op, cause(err))
	}
	if err := errors.Join(dir.Sync(), dir.Close()); err != nil {
		return vault.Failed(op, cause(err))
	}
	return nil
}

func fileName(tenant, id string) string { return tenant + "." + id }

// cause is why the system refused, without the names it adds.
func cause(err error) error {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		return path.Err
	}
	if link, ok := errors.AsType[*os.LinkError](err); ok {
		return link.Err
	}
	return err
}
