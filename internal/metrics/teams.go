package metrics

import (
	"bytes"
	"errors"
	"io"
	"unicode/utf8"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
)

const (
	maxTeamRecord = 64 << 10 // of one person and team
	maxSlug       = 255      // bytes of the name of a team
)

// TeamsReader reads the parts of one day's user-teams report: who is in which team.
type TeamsReader struct {
	day     string
	owner   Owner
	each    func(userID, teamID int64, slug string) error
	records records
}

// NewTeamsReader returns a reader for an account's user-teams report of that day. It hands row after row to each, as they come:
// rows may be repeated, and the rows before an error are handed out. teamID is 0 where a row names none.
func NewTeamsReader(date calendar.Date, owner Owner, each func(userID, teamID int64, slug string) error) *TeamsReader {
	r := &TeamsReader{day: date.String(), owner: owner, each: each}
	r.records = records{limit: maxTeamRecord, read: r.readRow}
	return r
}

// ReadPart reads one part to its end.
func (r *TeamsReader) ReadPart(part io.Reader) error {
	return broken("read user-teams report of "+r.day, r.records.readPart(part))
}

// AccountID returns the account's id as far as it is known: the one that was expected, or else the one that the rows name.
func (r *TeamsReader) AccountID() string { return r.owner.ID }

func (r *TeamsReader) readRow(s *scanner) error {
	var userID, teamID int64
	var slug []byte
	if err := s.enter(); err != nil {
		return err
	}
	err := readFields(s, teamFields, func(f field) (err error) {
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

// readOptionalID reads an id, 0 where null is in its place.
func readOptionalID(s *scanner, f field) (int64, error) {
	if c, err := s.peek(); err == nil && c == 'n' {
		_, err := s.value()
		return 0, err
	}
	return readID(s, f)
}
