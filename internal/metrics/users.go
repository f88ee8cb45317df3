package metrics

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
)

// maxUserRecord bounds the bytes of one person's row. Real rows have 2 to 6 KB.
const maxUserRecord = 1 << 20

// UsersReader reads the parts of one day's per-user report.
type UsersReader struct {
	day     string
	owner   Owner
	each    func(*UserDay) error
	row     UserDay // the present row
	details details // the details of the present row
	records records
}

// NewUsersReader returns a reader for an account's per-user report of a day. It calls each for every row. People may be repeated, and
// each is also called for the rows before an error. The UserDay is valid only during the call. An error of each ends the reading. If
// this error has no code, the report counts as broken.
func NewUsersReader(date calendar.Date, owner Owner, each func(*UserDay) error) *UsersReader {
	r := &UsersReader{day: date.String(), owner: owner, each: each}
	r.records = records{limit: maxUserRecord, read: r.readRow}
	return r
}

// ReadPart reads one part, or the rest of one, to its end.
func (r *UsersReader) ReadPart(part io.Reader) error {
	return broken("read per-user report of "+r.day, r.records.readPart(part))
}

// AccountID returns the account's id: the expected one, else the one that the rows name, else "".
func (r *UsersReader) AccountID() string { return r.owner.ID }

// Offset returns how many bytes of the last part were read up to the end of the last row for which each was called. A later run can
// continue there. It is 0 if the part must be read anew.
func (r *UsersReader) Offset() int64 { return r.records.offset }

// Unknown returns the names of fields that GitHub does not document, with the number of rows that have each.
func (r *UsersReader) Unknown() map[string]int { return r.records.unknown.all() }

// readRow reads a person's row. Many rows are reduced: they have the person and perhaps credits, and every other field is absent, null
// or zero.
func (r *UsersReader) readRow(s *scanner) error {
	u := &r.row
	r.details.begin()
	*u = UserDay{Details: u.Details[:0], Suggested: Untold, Accepted: Untold, LinesAccepted: Untold, Interactions: Untold, Credits: Untold}
	var all userCounts
	if err := s.enter(); err != nil {
		return err
	}
	err := readFields(s, rowFields, all[:], func(f field) (err error) {
		switch f {
		case fieldUserID:
			u.UserID, err = readID(s, f)
		case fieldLogin:
			u.Login, err = readLogin(s, f)
		case fieldDay:
			err = readRowsDay(s, f, r.day)
		case fieldCredits:
			u.Credits, err = readCredits(s, f)
		case fieldFeatures:
			err = readFeatures(s, f, u, &r.details)
		case fieldOrganizationID, fieldEnterpriseID:
			err = r.owner.read(s, f)
		default:
			err = r.details.read(s, f)
		}
		return err
	})
	if err != nil {
		return err
	}
	u.Details = r.details.append(u.Details)
	if u.UserID <= 0 {
		return errors.New("it names no user_id")
	}
	u.Engaged = max(all[fieldInteractions], all[fieldGenerated], all[fieldAccepted]) > 0
	return r.each(u)
}

// readRowsDay reads the day of a row. A row may have no day. A day must be the report's.
func readRowsDay(s *scanner, f field, want string) error {
	day, err := readString(s, f)
	if err == nil && len(day) > 0 && string(day) != want {
		err = fmt.Errorf("it is the row of another day%s", named(string(day)))
	}
	return err
}

// readFeatures adds up the rows of completions and those of chat.
func readFeatures(s *scanner, f field, u *UserDay, details *details) error {
	if null, err := readStart(s, f, '['); err != nil || null {
		return err
	}
	u.Features.Reported()
	var completions, chat featureSum
	for first := true; ; first = false {
		more, err := s.more(']', first)
		if err != nil {
			return err
		}
		if !more {
			break
		}
		if err := readFeature(s, f, u, details, &completions, &chat); err != nil {
			return err
		}
	}
	u.Suggested, u.Accepted = completions.sum[fieldGenerated], completions.sum[fieldAccepted]
	u.LinesAccepted, u.Interactions = completions.sum[fieldLinesAdded], chat.sum[fieldInteractions]
	if max(u.Suggested, u.Accepted, u.LinesAccepted, u.Interactions) > maxCount || !u.Features.Believable() {
		return fmt.Errorf("%s adds up to more than can be true", f)
	}
	return nil
}

func readFeature(s *scanner, list field, u *UserDay, details *details, completions, chat *featureSum) error {
	if null, err := readStart(s, list, '{'); err != nil || null {
		return err
	}
	counts := userCounts{Untold, Untold, Untold, Untold, Untold, Untold, Untold}
	var of *featureSum
	var name []byte
	err := readFields(s, featureFields, counts[:], func(f field) (err error) {
		name, err = readString(s, f)
		switch {
		case string(name) == featureCompletion:
			of = completions
		case bytes.HasPrefix(name, []byte(chatPrefix)):
			of = chat
		}
		return err
	})
	if err != nil {
		return err
	}
	u.Features.Add(name, int64(counts[fieldInteractions]))
	details.addFeature(name, &counts)
	if of != nil {
		of.add(counts)
	}
	return nil
}

// featureSum adds up rows of features. Without rows its counts are 0.
type featureSum struct {
	sum   userCounts
	found bool
}

func (s *featureSum) add(counts userCounts) {
	for f, n := range counts {
		if s.found {
			n = s.sum[f].Plus(n)
		}
		s.sum[f] = n
	}
	s.found = true
}
