package backend

import (
	"context"
	"errors"
	"strings"

	"lockstep/schema"
)

// workspacePrefix is what the keys of the heads of workspaces begin with.
func (b *s3Backend) workspacePrefix() string { return b.bucket.site.key + ".d/" }

func (b *s3Backend) workspaceKey(name string) string { return b.workspacePrefix() + name }

// ListWorkspaces lists the heads, beside whose keys those of parts lie in folders.
func (b *s3Backend) ListWorkspaces(ctx context.Context) (names []string, err error) {
	keys, err := b.bucket.list(ctx, b.workspacePrefix())
	if err != nil {
		return nil, b.bucket.refused("LIST", b.workspacePrefix(), err)
	}
	for _, key := range keys {
		name := strings.TrimPrefix(key, b.workspacePrefix())
		if schema.CheckWorkspace(name) == nil {
			names = append(names, name)
		}
	}
	return names, nil
}

// MakeWorkspace writes a head without a log.
func (b *s3Backend) MakeWorkspace(ctx context.Context, name string) error {
	made := &s3Backend{bucket: b.bucket, key: b.workspaceKey(name)}
	if err := made.readHead(ctx); err != nil {
		return err
	}
	if made.head.etag != "" {
		return ErrWorkspaceExists
	}
	err := made.swap(ctx, s3Head{})
	if errors.Is(err, errOtherObject) {
		return ErrWorkspaceExists
	}
	return err
}

// RemoveWorkspace removes the head, and then the parts that it named.
func (b *s3Backend) RemoveWorkspace(ctx context.Context, name string) error {
	gone := &s3Backend{bucket: b.bucket, key: b.workspaceKey(name)}
	parts, err := b.bucket.list(ctx, gone.partFolder())
	if err != nil {
		return b.bucket.refused("LIST", gone.partFolder(), err)
	}
	if err := b.bucket.delete(ctx, gone.key); err != nil {
		return err
	}
	b.bucket.remove(ctx, parts)
	return nil
}
