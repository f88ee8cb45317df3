package metrics

import (
	"bytes"
	"errors"
	"io"
	"unicode/utf8"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
)

const (
	maxTeamRecord = 64 << 10 // bytes of one row
	maxSlug       = 255      // bytes of a team's name
)

// TeamsReader reads the parts of one day's user-teams report: who is in which team.
type TeamsReader struct {
	day     string
	owner   Owner
	each    func(userID, teamID int64, slug string) error
	records records
}

// NewTeamsReader returns a reader for an account's user-teams report of a day. It calls each for every row. Rows may be repeated, and
// each is also called for the rows before an error. teamID is 0 if a row has none.
func NewTeamsReader(date calendar.Date, owner Owner, each func(userID, teamID int64, slug string) error) *TeamsReader {
	r := &TeamsReader{day: date.String(), owner: owner, each: each}
	r.records = records{limit: maxTeamRecord, read: r.readRow}
	return r
}

// ReadPart reads one part to its end.
func (r *TeamsReader) ReadPart(part io.Reader) error {
	return broken("read user-teams report of "+r.day, r.records.readPart(part))
}

// AccountID returns the account's id: the expected one, else the one that the rows name, else "".
func (r *TeamsReader) AccountID() string { return r.owner.ID }

func (r *TeamsReader) readRow(s *scanner) error {
	var userID, teamID int64
	var slug []byte
	if err := s.enter(); err != nil {
		return err
	}
	err := readFields(s, teamFields, nil, func(f field) (err error) {
		switch f {
		case fieldUserID:
			userID, err = readID(s, f)
		case fieldTeamID:
			teamID, err = readOptionalID(s, f)
		case fieldSlug:
			slug, err = readString(s, f)
		case fieldDay:
			err = readRowsDay(s, f, r.day)
		default:
			err = r.owner.read(s, f)
		}
		return err
	})
	switch {
	case err != nil:
		return err
	case userID <= 0:
		return errors.New("it names no user_id")
	case teamID < 0:
		return errors.New("team_id is negative")
	case len(slug) == 0:
		return errors.New("it names no slug")
	case len(slug) > maxSlug || bytes.ContainsRune(slug, utf8.RuneError):
		return errors.New("slug is too long or not UTF-8")
	}
	return r.each(userID, teamID, string(slug))
}

// readOptionalID reads an id, or null, for which it returns 0.
func readOptionalID(s *scanner, f field) (int64, error) {
	if c, err := s.peek(); err == nil && c == 'n' {
		_, err := s.value()
		return 0, err
	}
	return readID(s, f)
}
