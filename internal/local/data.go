package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/fault"
	"cloudmonitor.ai/copilot-connector/internal/store"
	"cloudmonitor.ai/copilot-connector/internal/store/bolt"
	"cloudmonitor.ai/copilot-connector/internal/vault/files"
)

// The names in DATA_DIR.
const (
	storeFile    = "store.db"
	tokensFolder = "tokens"
	beganFile    = "simulation-began"
	appsFile     = "simulation-apps" // GitHub Apps that were registered at the simulated GitHub; without secrets
)

const private = 0o700 // the mode of a directory that only its owner can enter

// data is the content of DATA_DIR.
type data struct {
	table  *bolt.Table
	store  *store.Store
	tokens *files.Vault
}

// openData opens the data in a directory, and creates it if necessary. Only one program can have the store open. Before
// openData has opened the store, it changes nothing that another program may be using.
func openData(ctx context.Context, dir string, now func() time.Time, log *slog.Logger) (*data, error) {
	if err := os.MkdirAll(dir, private); err != nil {
		return nil, fmt.Errorf("make the data directory: %w (DATA_DIR names another directory)", err)
	}
	exposed, err := isExposed(dir)
	if err != nil {
		return nil, err
	}
	d := &data{}
	if d.table, err = openTable(filepath.Join(dir, storeFile), now); err != nil {
		return nil, err
	}
	d.store = &store.Store{Table: d.table, Now: now}
	if err := d.prepare(ctx, dir, exposed, log); err != nil {
		return nil, errors.Join(err, d.close())
	}
	return d, nil
}

// prepare makes the directory private, and removes tokens that belong to no connector in the store.
func (d *data) prepare(ctx context.Context, dir string, exposed bool, log *slog.Logger) (err error) {
	if err := os.Chmod(filepath.Join(dir, storeFile), 0o600); err != nil { // somebody may have copied it here with other rights
		return err
	}
	if exposed {
		if err := os.Chmod(dir, private); err != nil {
			return fmt.Errorf("others can enter the data directory, and that cannot be changed: %w", err)
		}
		log.WarnContext(ctx, "others could enter the data directory; now its owner alone can", "directory", dir)
	}
	if d.tokens, err = files.Open(filepath.Join(dir, tokensFolder)); err != nil {
		return err
	}
	removed, err := d.tokens.KeepOnly(func(tenant, id string) (bool, error) {
		c, err := d.store.Connector(ctx, connector.Ref{Tenant: tenant, ID: id})
		return c != nil, err
	})
	if removed > 0 {
		log.WarnContext(ctx, "tokens without a connector were removed", "tokens", removed)
	}
	return err
}

// close closes the store and the vault.
func (d *data) close() error {
	var err error
	if d.tokens != nil {
		err = d.tokens.Close()
	}
	return errors.Join(err, d.table.Close())
}

// isExposed reports whether other users can enter the directory. It returns an error if the directory is exposed and contains
// files that are not ours, because other users may need it.
func isExposed(dir string) (bool, error) {
	info, err := os.Stat(dir)
	if err != nil || info.Mode().Perm()&^private == 0 {
		return false, err
	}
	entries, err := os.ReadDir(dir)
	for _, entry := range entries {
		if !slices.Contains([]string{storeFile, tokensFolder, beganFile, appsFile}, entry.Name()) {
			return false, fmt.Errorf("others can enter the data directory %s, and it holds more than this program's files: "+
				"set DATA_DIR to another one, or make it yours alone (chmod 700)", dir)
		}
	}
	return true, err
}

// openTable opens the store. Its error is one line that says what to do.
func openTable(path string, now func() time.Time) (*bolt.Table, error) {
	table, err := bolt.Open(path, now)
	switch {
	case err == nil:
		return table, nil
	case errors.Is(err, bolt.ErrDamaged):
		return nil, fmt.Errorf("%s cannot be used, %s. Move it away and start again: GitHub still has what was read, "+
			"and the connectors are saved anew with their tokens", path, fault.CauseOf(err))
	default:
		return nil, fmt.Errorf("%s (DATA_DIR names another directory)", fault.CauseOf(err))
	}
}
