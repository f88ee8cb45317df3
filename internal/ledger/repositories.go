package ledger

import (
	"encoding/json"
	"errors"
	"fmt"

	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// RepositoriesText returns the stored form of the repositories of a day, in the given order.
func RepositoriesText(list []metrics.Repository) ([]byte, error) { return json.Marshal(list) }

// ReadRepositories reads the stored form. It returns an error unless the form has the given hash.
func ReadRepositories(text []byte, hash string) (list []metrics.Repository, err error) {
	if HashOf(text) != hash {
		return nil, errors.New("a part of the stored repositories is missing")
	}
	if err := json.Unmarshal(text, &list); err != nil {
		return nil, fmt.Errorf("read stored repositories: %w", err)
	}
	return list, nil
}
