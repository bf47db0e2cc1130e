package ghl

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"lockstep/providers"
	"lockstep/providers/transport"
	"lockstep/schema"
)

var _ providers.Downloader = (*Provider)(nil)

// Download reads what a data source asks for.
func (p *Provider) Download(ctx context.Context, source string, arguments schema.Fields, most int64) (*providers.Download, error) {
	ds := p.declared.DataSource(source)
	if ds == nil || ds.Download == nil {
		return nil, fmt.Errorf("the provider ghl has no download %q", source)
	}
	k, err := p.kindOf(ds.Kind)
	if err != nil {
		return nil, err
	}
	r, ok := k.find.of(k, arguments)
	if !ok {
		return nil, fmt.Errorf("%s needs the argument %s, which must not be empty", source, k.Keys[0][0])
	}
	r.safety, r.bytes = transport.Read, most
	answer, err := p.account.answer(ctx, r)
	if err != nil {
		if k.judge(err); isGone(err) {
			return nil, nil
		}
		if errors.Is(err, transport.ErrTooLong) {
			apiError(err).Advice = "Raise " + schema.DownloadLimit + ", if it is to be read."
		}
		return nil, err
	}
	got := &providers.Download{Content: answer.Body, Type: answer.Header.Get("Content-Type")}
	if problem := k.find.problem(got); problem != "" {
		return nil, fmt.Errorf("%s %s: the answer %s", r.method, r.path, problem)
	}
	return got, nil
}

// problem tells what is wrong with what was read; empty when nothing is.
func (l *lookup) problem(got *providers.Download) string {
	switch {
	case len(got.Content) == 0:
		return "is empty"
	case !strings.HasPrefix(got.Type, l.media):
		return fmt.Sprintf("has the type %q, not %s…", got.Type, l.media)
	case cutOff(got.Content):
		return "ends too early"
	}
	return ""
}

// cutOff reports whether a WAV file says that it is longer than it is. One that
// was written on the way leaves its size at 0 or at the largest number.
func cutOff(content []byte) bool {
	if len(content) < 8 || !bytes.HasPrefix(content, []byte("RIFF")) {
		return false
	}
	size := binary.LittleEndian.Uint32(content[4:])
	return size != ^uint32(0) && int64(size)+8 > int64(len(content))
}
