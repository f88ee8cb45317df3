package feature

import (
	"cmp"
	"encoding/binary"
	"math/bits"
	"slices"
	"unicode/utf8"

	"cloudmonitor.ai/copilot-connector/internal/count"
)

// Use says how often a person used a feature, by GitHub's name. Nobody asks a feature such as code_completion, so its count is 0.
type Use struct {
	Name         string `json:"name"`
	Interactions *int64 `json:"interactions"`
}

// listed are GitHub's names of features. Their order is part of the stored form: a new name goes to the end.
var listed = [...]string{
	"code_completion", "chat_inline", "chat_panel_ask_mode", "chat_panel_edit_mode", "chat_panel_agent_mode", "chat_panel_plan_mode",
	"chat_panel_custom_mode", "chat_panel_unknown_mode", "agent_edit", "copilot_cli", "copilot_app", others,
}

const (
	// others is GitHub's name for all other features together.
	others = "others"

	// maxUseName and maxUnlisted bound the names that GitHub does not document. A feature beyond these bounds counts as others.
	maxUseName  = 64
	maxUnlisted = 32

	// mostUses bounds a stored count. A sum over a year still fits into 64 bits.
	mostUses = 1_000_000_000_000
)

// The flags of the stored form, below those of the listed features.
const (
	wereReported = 1 << iota
	hasUnlisted
	firstListed
)

// Uses says which features a person used, and how often. A count below 0 is unknown. The zero value means that GitHub reported no
// features. It is small, because there are millions of person-days.
type Uses struct {
	flags    uint // wereReported, and a bit for each listed feature
	counts   [len(listed)]int64
	unlisted []unlistedUse // in order of names
}

type unlistedUse struct {
	name string
	n    int64
}

func (u unlistedUse) compare(name string) int { return cmp.Compare(u.name, name) }

// Reported marks that GitHub reported a list of features, which may be empty.
func (u *Uses) Reported() { u.flags |= wereReported }

// Clear resets u to the zero value.
func (u *Uses) Clear() { *u = Uses{} }

// Add adds n uses of a feature. An n below 0 is unknown.
func (u *Uses) Add(name []byte, n int64) {
	u.Reported()
	if i := indexOf(name); i >= 0 {
		u.addListed(i, n)
		return
	}
	u.addUnlisted(string(name), n)
}

// indexOf returns the index of a listed feature, or -1 for any other name.
func indexOf(name []byte) int {
	for i := range listed {
		if string(name) == listed[i] {
			return i
		}
	}
	return -1
}

func (u *Uses) addListed(i int, n int64) {
	if u.flags&(firstListed<<i) != 0 {
		n = plus(u.counts[i], n)
	}
	u.flags |= firstListed << i
	u.counts[i] = n
}

func (u *Uses) addUnlisted(name string, n int64) {
	name = cmp.Or(name, unnamed)
	at, known := slices.BinarySearchFunc(u.unlisted, name, unlistedUse.compare)
	switch {
	case known:
		u.unlisted[at].n = plus(u.unlisted[at].n, n)
	case len(name) > maxUseName, !utf8.ValidString(name), len(u.unlisted) == maxUnlisted:
		u.addListed(len(listed)-1, n)
	default:
		u.unlisted = slices.Insert(u.unlisted, at, unlistedUse{name, n})
	}
}

func plus(a, b int64) int64 {
	if a < 0 || b < 0 {
		return -1
	}
	return a + b
}

// AddAll adds the uses of another day. A day without reported features adds nothing.
func (u *Uses) AddAll(day *Uses) {
	u.flags |= day.flags & wereReported
	for left := day.flags / firstListed; left != 0; left &= left - 1 {
		i := bits.TrailingZeros(left)
		u.addListed(i, day.counts[i])
	}
	for _, use := range day.unlisted {
		u.addUnlisted(use.name, use.n)
	}
}

// Merge merges another row of the same person and day. For each feature the larger count stays.
func (u *Uses) Merge(other *Uses) {
	for i := range listed {
		if bit := uint(firstListed << i); other.flags&bit != 0 && (u.flags&bit == 0 || other.counts[i] > u.counts[i]) {
			u.counts[i] = other.counts[i]
		}
	}
	u.flags |= other.flags
	for _, use := range other.unlisted {
		if at, known := slices.BinarySearchFunc(u.unlisted, use.name, unlistedUse.compare); known {
			u.unlisted[at].n = max(u.unlisted[at].n, use.n)
		} else {
			u.addUnlisted(use.name, use.n)
		}
	}
}

// Believable reports whether no count exceeds mostUses.
func (u *Uses) Believable() bool {
	for _, use := range u.unlisted {
		if use.n > mostUses {
			return false
		}
	}
	return slices.Max(u.counts[:]) <= mostUses
}

// Equal reports whether both have the same features and counts.
func (u Uses) Equal(other Uses) bool {
	return u.flags == other.flags && u.counts == other.counts && slices.Equal(u.unlisted, other.unlisted)
}

// Append appends the stored form: the flags, the counts of the listed features in order, and then the features with other names.
func (u *Uses) Append(dst []byte) []byte {
	flags := u.flags &^ hasUnlisted
	if len(u.unlisted) > 0 {
		flags |= hasUnlisted
	}
	dst = binary.AppendUvarint(dst, uint64(flags))
	for left := flags / firstListed; left != 0; left &= left - 1 {
		dst = binary.AppendVarint(dst, u.counts[bits.TrailingZeros(left)])
	}
	if len(u.unlisted) == 0 {
		return dst
	}
	dst = append(dst, byte(len(u.unlisted))) //nolint:gosec // maxUnlisted
	for _, use := range u.unlisted {
		dst = append(append(dst, byte(len(use.name))), use.name...) //nolint:gosec // maxUseName
		dst = binary.AppendVarint(dst, use.n)
	}
	return dst
}

// Read reads the stored form and returns the text after it. ok is false if Append cannot have written the form, or if a count is
// not believable.
func (u *Uses) Read(text []byte) (rest []byte, ok bool) {
	u.Clear()
	flags, n := binary.Uvarint(text)
	if n <= 0 || flags >= firstListed<<len(listed) || flags != 0 && flags&wereReported == 0 {
		return nil, false
	}
	u.flags, text = uint(flags)&^hasUnlisted, text[n:]
	for left := u.flags / firstListed; left != 0; left &= left - 1 {
		i := bits.TrailingZeros(left)
		if u.counts[i], text, ok = readUse(text); !ok {
			return nil, false
		}
	}
	if flags&hasUnlisted == 0 {
		return text, true
	}
	return u.readUnlisted(text)
}

func (u *Uses) readUnlisted(text []byte) (rest []byte, ok bool) {
	if len(text) == 0 || text[0] == 0 || text[0] > maxUnlisted {
		return nil, false
	}
	last := ""
	u.unlisted = make([]unlistedUse, text[0])
	text = text[1:]
	for i := range u.unlisted {
		use := &u.unlisted[i]
		if len(text) == 0 || text[0] > maxUseName || int(text[0]) >= len(text) {
			return nil, false
		}
		use.name = string(text[1 : 1+text[0]])
		if use.n, text, ok = readUse(text[1+text[0]:]); !ok || use.name <= last || !utf8.ValidString(use.name) {
			return nil, false
		}
		last = use.name
	}
	return text, true
}

func readUse(text []byte) (count int64, rest []byte, ok bool) {
	count, n := binary.Varint(text)
	if n <= 0 || count < -1 || count > mostUses {
		return 0, nil, false
	}
	return count, text[n:], true
}

// List returns the uses for an answer, the most used first, or nil if GitHub reported no features.
func (u *Uses) List() []Use {
	if u.flags&wereReported == 0 {
		return nil
	}
	list := make([]Use, 0, bits.OnesCount(u.flags)+len(u.unlisted))
	for left := u.flags / firstListed; left != 0; left &= left - 1 {
		i := bits.TrailingZeros(left)
		list = append(list, useOf(listed[i], u.counts[i]))
	}
	for _, use := range u.unlisted {
		list = append(list, useOf(use.name, use.n))
	}
	slices.SortFunc(list, func(a, b Use) int {
		return cmp.Or(count.Descending(a.Interactions, b.Interactions), cmp.Compare(a.Name, b.Name))
	})
	return list
}

func useOf(name string, n int64) Use {
	if n < 0 {
		return Use{Name: name}
	}
	return Use{Name: name, Interactions: &n}
}
