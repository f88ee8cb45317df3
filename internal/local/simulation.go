package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// simulationBegan is the instant by which the simulated tokens' expiry is set. It is now, but for somebody who travels in
// time with NOW: then it is that of the start before, so that a token which was saved comes to its end.
func simulationBegan(dir string, now time.Time, travels bool) (time.Time, error) {
	path := filepath.Join(dir, beganFile)
	if travels {
		text, err := os.ReadFile(path) //nolint:gosec // in the directory that the user has named
		if err == nil {
			if began, err := time.Parse(time.RFC3339, strings.TrimSpace(string(text))); err == nil && began.Before(now) {
				return began, nil
			}
		} else if !errors.Is(err, fs.ErrNotExist) {
			return time.Time{}, err
		}
	}
	return now, os.WriteFile(path, []byte(now.UTC().Format(time.RFC3339)+"\n"), 0o600)
}
