package metrics

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"unicode/utf8"
)

// UserDay is what one person did on one day. Completions are those of the feature code_completion, interactions those of
// the features chat_*, as in Completions and Chat.
type UserDay struct {
	UserID  int64
	Login   string // as of that day; empty when GitHub left it out
	Engaged bool   // an interaction, a generation or an acceptance in any feature

	Suggested     Count
	Accepted      Count
	LinesAccepted Count
	Interactions  Count
	Credits       Credits // Untold when GitHub left them out
}

// maxLogin bounds a login, in bytes. GitHub's have 39 at most.
const maxLogin = 100

// merge takes in what another row tells of the same person and day. The larger value stands, so that the order of rows
// does not matter.
func (u *UserDay) merge(other *UserDay) {
	u.Login = max(u.Login, other.Login)
	u.Engaged = u.Engaged || other.Engaged
	u.Suggested = max(u.Suggested, other.Suggested)
	u.Accepted = max(u.Accepted, other.Accepted)
	u.LinesAccepted = max(u.LinesAccepted, other.LinesAccepted)
	u.Interactions = max(u.Interactions, other.Interactions)
	u.Credits = max(u.Credits, other.Credits)
}

// append writes the stored form: the length of what follows, doubled, plus one for engaged; the id; each number plus one;
// and the login. All but the login are varints.
func (u *UserDay) append(dst []byte) []byte {
	var room [maxLogin + 6*binary.MaxVarintLen64]byte
	fields := binary.AppendUvarint(room[:0], uint64(u.UserID))
	for _, n := range [...]Count{u.Suggested, u.Accepted, u.LinesAccepted, u.Interactions, Count(u.Credits)} {
		fields = binary.AppendUvarint(fields, uint64(n+1))
	}
	fields = append(fields, u.Login...)
	head := uint64(len(fields)) << 1
	if u.Engaged {
		head++
	}
	return append(binary.AppendUvarint(dst, head), fields...)
}

// storedUser is a person in the stored form, of which only the length was read.
type storedUser struct {
	engaged bool
	fields  []byte
}

// nextUser returns the first person of many, and the others.
func nextUser(src []byte) (u storedUser, rest []byte, ok bool) {
	head, n := binary.Uvarint(src)
	if n <= 0 || head>>1 > uint64(len(src)-n) {
		return u, nil, false
	}
	end := n + int(head>>1)
	return storedUser{engaged: head&1 == 1, fields: src[n:end]}, src[end:], true
}

// id is 0 where the fields do not begin with one.
func (s storedUser) id() int64 {
	id, _ := binary.Uvarint(s.fields)
	return int64(id)
}

// userDay is not ok where the fields are not those that append writes of a row that may be believed.
func (s storedUser) userDay() (u UserDay, ok bool) {
	var fields [6]uint64
	login := s.fields
	for i := range fields {
		n := 0
		if fields[i], n = binary.Uvarint(login); n <= 0 || fields[i] > math.MaxInt64 {
			return u, false
		}
		login = login[n:]
	}
	u = UserDay{
		UserID:        int64(fields[0]),
		Login:         string(login),
		Engaged:       s.engaged,
		Suggested:     Count(fields[1]) - 1,
		Accepted:      Count(fields[2]) - 1,
		LinesAccepted: Count(fields[3]) - 1,
		Interactions:  Count(fields[4]) - 1,
		Credits:       Credits(fields[5]) - 1,
	}
	return u, u.UserID > 0 && validLogin(login) == nil && u.Credits <= maxCredits*creditUnit &&
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
