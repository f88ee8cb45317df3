package team

import (
	"encoding/binary"
	"math"
	"math/bits"

	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

// appendNames writes the number of names, and each with its length.
func appendNames(text []byte, names []string) []byte {
	text = binary.AppendUvarint(text, uint64(len(names)))
	for _, name := range names {
		text = append(binary.AppendUvarint(text, uint64(len(name))), name...)
	}
	return text
}

// appendIDs writes the number of ids, and each as its difference from the one before.
func appendIDs(text []byte, ids []int64) []byte {
	text = binary.AppendUvarint(text, uint64(len(ids)))
	last := int64(0)
	for _, id := range ids {
		text, last = binary.AppendUvarint(text, uint64(id-last)), id //nolint:gosec // ascending
	}
	return text
}

// reader reads stored forms. After the first damaged value it returns only zeros.
type reader struct {
	text    []byte
	damaged bool
}

func (r *reader) fail() uint64 {
	r.text, r.damaged = nil, true
	return 0
}

// number reads a number up to a limit.
func (r *reader) number(most uint64) uint64 {
	n, size := binary.Uvarint(r.text)
	if size <= 0 || n > most || most == math.MaxUint64 {
		return r.fail()
	}
	r.text = r.text[size:]
	return n
}

// count reads the number of the following values. Each value takes at least one byte.
func (r *reader) count(most int) int {
	return int(r.number(uint64(min(most, len(r.text))))) //nolint:gosec // bounded
}

func (r *reader) bytes(n int) []byte {
	if n > len(r.text) {
		r.fail()
		return nil
	}
	taken := r.text[:n]
	r.text = r.text[n:]
	return taken
}

// names reads a list of names. They share the memory of one string.
func (r *reader) names() []string {
	names, begin := make([]string, r.count(maxTeams)), r.text
	sizes := make([]int, len(names))
	for i := range sizes {
		sizes[i] = len(r.bytes(r.count(len(r.text))))
	}
	if r.damaged {
		return nil
	}
	all := string(begin[:len(begin)-len(r.text)])
	for i, size := range sizes {
		all = all[lengthOf(size):]
		names[i], all = all[:size], all[size:]
	}
	return names
}

// lengthOf returns how many bytes a number takes.
func lengthOf(n int) int { return max(1, (bits.Len(uint(n))+6)/7) }

func (r *reader) ids() []int64 {
	ids := make([]int64, r.count(31*metrics.MaxPeople))
	last := int64(0)
	for i := range ids {
		distance := r.number(uint64(math.MaxInt64 - last))
		if distance == 0 {
			r.fail()
			return nil
		}
		last += int64(distance) //nolint:gosec // bounded
		ids[i] = last
	}
	return ids
}
