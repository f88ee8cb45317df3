package store

import (
	"context"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/cost"
)

// PutBill stores the bill of the month of a day. It replaces an earlier one.
func (s *Store) PutBill(ctx context.Context, ref connector.Ref, day calendar.Date, bill cost.CreditBill) error {
	body, err := pack("store bill", bill)
	if err != nil {
		return err
	}
	return s.Table.PutAll(ctx, []Item{{Key: billKey(ref, day), Body: body}})
}

// Bill returns the bill of the month of a day, or nil if none was read.
func (s *Store) Bill(ctx context.Context, ref connector.Ref, day calendar.Date) (*cost.CreditBill, error) {
	item, err := s.Table.Get(ctx, billKey(ref, day))
	if err != nil || item == nil {
		return nil, err
	}
	bill := new(cost.CreditBill)
	return bill, unpack("read bill", item.Body, bill)
}

// PutBillParts stores the parts of the bill of the month of a day. It replaces earlier ones.
func (s *Store) PutBillParts(ctx context.Context, ref connector.Ref, day calendar.Date, parts cost.Parts) error {
	body, err := pack("store the parts of a bill", parts)
	if err != nil {
		return err
	}
	return s.Table.PutAll(ctx, []Item{{Key: billPartsKey(ref, day), Body: body}})
}

// BillParts returns the parts of the bill of the month of a day. Parts that were not read are nil.
func (s *Store) BillParts(ctx context.Context, ref connector.Ref, day calendar.Date) (parts cost.Parts, err error) {
	item, err := s.Table.Get(ctx, billPartsKey(ref, day))
	if err != nil || item == nil {
		return cost.Parts{}, err
	}
	return parts, unpack("read the parts of a bill", item.Body, &parts)
}
