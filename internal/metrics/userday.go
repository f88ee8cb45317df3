package metrics

import (
	"bytes"
	"encoding/binary"
	"errors"
	"unicode/utf8"

	"cloudmonitor.ai/copilot-connector/internal/feature"
)

// UserDay holds the numbers of one person and day. As in Completions and Chat, completions are those of the feature code_completion,
// and interactions are those of the features chat_*.
type UserDay struct {
	UserID  int64
	Login   string // the login on that day; empty if GitHub left it out
	Engaged bool   // there was an interaction, a generation or an acceptance in any feature

	Suggested     Count
	Accepted      Count
	LinesAccepted Count
	Interactions  Count
	Credits       Credits // Untold if GitHub left them out

	Features feature.Uses // all features that GitHub lists
	Details  []byte       // the packed feature.Details, which are stored on pages of their own
}

// maxLogin bounds the bytes of a login. GitHub's logins have at most 39.
const maxLogin = 100

// merge adds another row of the same person and day. The larger of two values stays, so that the order of rows does not matter.
func (u *UserDay) merge(other *UserDay) {
	u.Login = max(u.Login, other.Login)
	u.Engaged = u.Engaged || other.Engaged
	u.Suggested = max(u.Suggested, other.Suggested)
	u.Accepted = max(u.Accepted, other.Accepted)
	u.LinesAccepted = max(u.LinesAccepted, other.LinesAccepted)
	u.Interactions = max(u.Interactions, other.Interactions)
	u.Credits = max(u.Credits, other.Credits)
	u.Features.Merge(&other.Features)
	if string(u.Details) < string(other.Details) {
		u.Details = other.Details
	}
}

// append appends the stored form: the length of the rest, negative if the person was engaged; the id and the numbers as
// binary.Varint, with -1 for untold numbers; the features; and the login.
func (u *UserDay) append(dst []byte) []byte {
	at := len(dst)
	for _, n := range [...]int64{u.UserID, int64(u.Suggested), int64(u.Accepted), int64(u.LinesAccepted), int64(u.Interactions), int64(u.Credits)} {
		dst = binary.AppendVarint(dst, n)
	}
	dst = append(u.Features.Append(dst), u.Login...)
	size := int64(len(dst) - at)
	if u.Engaged {
		size = -size
	}
	var room [binary.MaxVarintLen64]byte
	n := binary.PutVarint(room[:], size)
	dst = append(dst, room[:n]...)
	copy(dst[at+n:], dst[at:])
	copy(dst[at:], room[:n])
	return dst
}

// appendDetails appends the stored form of a person's packed details: the length of the rest, the id, and the details.
func appendDetails(dst []byte, userID int64, packed []byte) []byte {
	var id [binary.MaxVarintLen64]byte
	length := binary.PutVarint(id[:], userID)
	dst = binary.AppendVarint(dst, int64(length+len(packed)))
	return append(append(dst, id[:length]...), packed...)
}

// storedUser is a person in the stored form. Only the length has been read.
type storedUser struct {
	engaged bool
	fields  []byte
}

// nextUser returns the first person of a page, and the rest of the page.
func nextUser(text []byte) (u storedUser, rest []byte, ok bool) {
	size, n := binary.Varint(text)
	if n <= 0 {
		return u, nil, false
	}
	u.engaged = size < 0
	if u.engaged {
		size = -size
	}
	if text = text[n:]; size < 0 || size > int64(len(text)) {
		return u, nil, false
	}
	u.fields = text[:size]
	return u, text[size:], true
}

// id returns the person's id, or 0 if there is none.
func (s storedUser) id() int64 {
	id, _ := binary.Varint(s.fields)
	return id
}

// credits returns the person's credits. A person in a roster has them, or they are untold.
func (s storedUser) credits() Credits {
	numbers, _, _ := s.plain()
	return Credits(numbers[5])
}

// plain reads the numbers before the features. It returns the text after them.
func (s storedUser) plain() (numbers [6]int64, rest []byte, ok bool) {
	rest = s.fields
	for i := range numbers {
		n := 0
		if numbers[i], n = binary.Varint(rest); n <= 0 || numbers[i] < Untold {
			return numbers, nil, false
		}
		rest = rest[n:]
	}
	return numbers, rest, true
}

// userDay reads the person. ok is false if append cannot have written the fields, or if they are implausible.
func (s storedUser) userDay() (u UserDay, ok bool) {
	u, login, ok := s.numbers()
	u.Login = string(login)
	return u, ok && validLogin(login) == nil
}

// numbers reads everything but the login. It returns the login as it is stored, without checking it.
func (s storedUser) numbers() (u UserDay, login []byte, ok bool) {
	numbers, login, ok := s.plain()
	if !ok {
		return u, nil, false
	}
	u = UserDay{
		UserID:        numbers[0],
		Engaged:       s.engaged,
		Suggested:     Count(numbers[1]),
		Accepted:      Count(numbers[2]),
		LinesAccepted: Count(numbers[3]),
		Interactions:  Count(numbers[4]),
		Credits:       Credits(numbers[5]),
	}
	if login, ok = u.Features.Read(login); !ok {
		return u, nil, false
	}
	return u, login, u.UserID > 0 && u.Credits <= maxCredits*creditUnit &&
		max(u.Suggested, u.Accepted, u.LinesAccepted, u.Interactions) <= maxCount
}

func validLogin(login []byte) error {
	switch {
	case len(login) > maxLogin:
		return errors.New("user_login is too long")
	case bytes.ContainsRune(login, utf8.RuneError):
		return errors.New("user_login is not UTF-8")
	}
	return nil
}
