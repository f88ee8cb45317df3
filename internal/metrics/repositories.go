package metrics

import (
	"cmp"
	"errors"
	"io"
	"slices"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
)

const (
	maxRepoRecord = 1 << 20 // bytes of one repository

	// maxRepositories bounds the repositories of a report, because a hostile report could name new ones for ever.
	maxRepositories = 100_000
)

// Repository is the pull requests of one repository on a day or over a range.
type Repository struct {
	ID           string        `json:"id,omitempty"` // GitHub's id, which never changes; empty if GitHub names none
	Name         string        `json:"name"`         // OWNER/NAME; the latest name
	Visibility   string        `json:"visibility,omitempty"`
	PullRequests *PullRequests `json:"pullRequests"` // nil: not reported
}

// Key returns a key that is different for different repositories.
func (r *Repository) Key() string { return cmp.Or(r.ID, r.Name) }

// ReposReader reads the parts of one day's report by repository.
type ReposReader struct {
	day     string
	owner   Owner
	found   map[string]Repository
	records records
}

// NewReposReader returns a reader for an account's report by repository of a day.
func NewReposReader(date calendar.Date, owner Owner) *ReposReader {
	r := &ReposReader{day: date.String(), owner: owner, found: map[string]Repository{}}
	r.records = records{limit: maxRepoRecord, read: r.readRecord}
	return r
}

// ReadPart reads one part to its end.
func (r *ReposReader) ReadPart(part io.Reader) error {
	return broken("read report by repository of "+r.day, r.records.readPart(part))
}

// AccountID returns the account's id: the expected one, else the one that the rows name, else "".
func (r *ReposReader) AccountID() string { return r.owner.ID }

// Repositories returns the repositories by name. It must be called after every part was read.
func (r *ReposReader) Repositories() []Repository {
	list := make([]Repository, 0, len(r.found))
	for _, repository := range r.found {
		list = append(list, repository)
	}
	slices.SortFunc(list, func(a, b Repository) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	return list
}

// repoRecord is a row of the report.
type repoRecord struct {
	accountRecord
	Day          string              `json:"day"`
	ID           accountID           `json:"repo_id"`
	Owner        string              `json:"repo_owner_name"`
	Name         string              `json:"repo_name"`
	Visibility   string              `json:"repo_visibility"`
	PullRequests *pullRequestsRecord `json:"pull_requests"`
}

func (r *ReposReader) readRecord(s *scanner) error {
	text, err := s.value()
	if err != nil {
		return err
	}
	var record repoRecord
	if err := decode(text, &record); err != nil {
		return err
	}
	if err := r.owner.check(record.of(r.owner)); err != nil {
		return err
	}
	var c checker
	for _, name := range []string{record.Owner, record.Name, record.Visibility} {
		c.name(name)
	}
	c.pullRequests(record.PullRequests)
	switch {
	case c.err != nil:
		return c.err
	case record.Day != "" && record.Day != r.day:
		return errors.New("it is the row of another day")
	case record.Name == "":
		return errors.New("it names no repo_name")
	}
	repository := Repository{ID: string(record.ID), Name: record.Name, Visibility: record.Visibility, PullRequests: pullRequestsOf(record.PullRequests)}
	if record.Owner != "" {
		repository.Name = record.Owner + "/" + record.Name
	}
	key := repository.Key()
	if _, known := r.found[key]; !known && len(r.found) == maxRepositories {
		return errors.New("there are more repositories than an account can have")
	}
	r.found[key] = repository // parts may repeat a repository
	return nil
}

// Add adds the numbers of a later day. The sum has no medians, even if only one day was added.
func (r *Repository) Add(later *Repository) {
	var sum summer
	for _, pullRequests := range []*PullRequests{r.PullRequests, later.PullRequests} {
		sum.add(&Usage{PullRequests: pullRequests})
	}
	*r = Repository{ID: later.ID, Name: later.Name, Visibility: later.Visibility, PullRequests: sum.pullRequestTotals()}
}
