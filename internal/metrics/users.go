package metrics

import (
	"encoding/json"
	"errors"
	"io"
	"strconv"

	"cloudmonitor.ai/copilot-connector/internal/connector"
)

// maxUserRecord bounds one person's row of a day. Real ones have 2 to 6 KB.
const maxUserRecord = 1 << 20

// PeopleReader reads the parts of one day's per-user report.
type PeopleReader struct {
	date   connector.Date
	people People
}

// NewPeopleReader returns a reader for the per-user report of that day.
func NewPeopleReader(date connector.Date) *PeopleReader {
	return &PeopleReader{date: date, people: People{byID: map[int64]person{}}}
}

// ReadPart reads one part to its end. After an error the reader must not be used again.
func (p *PeopleReader) ReadPart(part io.Reader) error {
	return broken("read per-user report of "+p.date.String(), records(part, maxUserRecord, p.add))
}

// People returns who did what, once every part was read.
func (p *PeopleReader) People() *People { return &p.people }

// userRecord is the part of GitHub's per-user row that is used. Many rows are reduced to the person and
// perhaps the credits, with every other field absent, null or zero.
type userRecord struct {
	UserID  userID   `json:"user_id"`
	Day     string   `json:"day"`
	Credits *float64 `json:"ai_credits_used"`
	activity
}

// userID is a number that some reports write as a string.
type userID int64

func (id *userID) UnmarshalJSON(text []byte) error {
	var number json.Number // takes a number or a string that holds one
	if err := json.Unmarshal(text, &number); err != nil {
		return errors.New("user_id is not a number")
	}
	n, err := strconv.ParseInt(number.String(), 10, 64)
	if err != nil {
		return errors.New("user_id is not a whole number of 64 bits")
	}
	*id = userID(n)
	return nil
}

func (p *PeopleReader) add(record *userRecord) error {
	if err := record.check(p.date); err != nil {
		return err
	}
	id := int64(record.UserID)
	who, known := p.people.byID[id]
	if !known {
		if len(p.people.byID) == MaxPeople {
			return errors.New("there are more people than an account can have")
		}
		who = person{lastActive: p.date, credits: creditsUntold}
	}
	// A person repeated over parts counts once; where the rows differ the larger value stands, so that the
	// order of the parts does not matter.
	who.engaged = who.engaged || positive(record.Interactions) || positive(record.Generated) || positive(record.Accepted)
	if record.Credits != nil {
		who.credits = max(who.credits, creditsOf(*record.Credits))
	}
	p.people.byID[id] = who
	return nil
}

func (r *userRecord) check(date connector.Date) error {
	var c checker
	if r.UserID <= 0 {
		c.failf("it names no user_id")
	}
	if r.Day != "" && r.Day != date.String() {
		c.failf("it is the row of another day")
	}
	c.activity(&r.activity)
	if r.Credits != nil && (*r.Credits < 0 || *r.Credits > maxCredits) {
		c.failf("ai_credits_used is negative or too large to be true")
	}
	return c.err
}

func positive(n *int64) bool { return n != nil && *n > 0 }
