// Package files is the vault of the local program: it keeps each token in a file of its own. The files are not encrypted;
// only their permissions protect them. Start reading at Vault.
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

// Vault keeps each token unencrypted in a file of its own. Only one process at a time may use a directory.
type Vault struct {
	dir     *os.Root
	writing sync.Mutex // held while an unfinished file exists
}

const (
	private     = 0o700
	privateFile = 0o600

	// unfinished marks a file that a Put has not renamed yet. No tenant and no id contains a tilde.
	unfinished = "~"

	// maxFile is longer in bytes than any token, and than a GitHub App with the longest key that is taken; this package has not
	// written a longer file.
	maxFile = 4 << 10
)

// Open opens the directory and creates it if necessary. It removes files that a crash left unfinished. If other users can
// enter the directory, Open takes that right from them, but only if we own the directory and it contains only tokens.
// Otherwise it returns an error, because other users may need the directory.
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

// Put stores the token and replaces the previous one. Even after a crash the file contains either the old or the new token.
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
		_ = v.dir.Remove(temporary) // best effort: the error already says that the token is not stored
		return vault.Failed(vault.OpPut, cause(err))
	}
	return v.sync(vault.OpPut)
}

// write creates a file. Its bytes are on the disk when write returns.
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

// Delete removes the token. It succeeds if there is no token.
func (v *Vault) Delete(_ context.Context, tenant, id string) error {
	if err := vault.CheckName(vault.OpDelete, tenant, id); err != nil {
		return err
	}
	if err := v.dir.Remove(fileName(tenant, id)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return vault.Failed(vault.OpDelete, cause(err))
	}
	return v.sync(vault.OpDelete)
}

// KeepOnly removes the tokens of unknown connectors and returns their number. Nobody may call Put at the same time.
func (v *Vault) KeepOnly(known func(tenant, id string) (bool, error)) (removed int, err error) {
	entries, err := fs.ReadDir(v.dir.FS(), ".")
	if err != nil {
		return 0, vault.Failed(vault.OpDelete, cause(err))
	}
	for _, entry := range entries {
		tenant, id, _ := strings.Cut(entry.Name(), ".")
		if vault.CheckName("", tenant, id) != nil {
			continue // not a token of ours
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

// Close closes the directory.
func (v *Vault) Close() error { return v.dir.Close() }

// sync writes the directory to the disk, so that a rename or removal survives a power failure.
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

// cause returns the system's error without the file names that it contains.
func cause(err error) error {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		return path.Err
	}
	if link, ok := errors.AsType[*os.LinkError](err); ok {
		return link.Err
	}
	return err
}
