package backend

import "context"

const (
	selectWorkspaces = `select workspace from {schema}.states where name = $1 and workspace <> 'default'`

	deleteState = `
with gone as (
	delete from {schema}.states where name = $1 and workspace = $2 returning id
)
delete from {schema}.lines using gone where lines.state = gone.id`
)

// ListWorkspaces lists the states of one name.
func (p *postgres) ListWorkspaces(ctx context.Context) (names []string, err error) {
	err = p.once(ctx, func() error {
		names = nil
		if ok, err := p.link.made(ctx); err != nil || !ok {
			return err
		}
		_, err := p.link.ask(ctx, selectWorkspaces, func(row [][]byte) error {
			names = append(names, string(row[0]))
			return nil
		}, p.site.name)
		return err
	})
	return names, err
}

// MakeWorkspace makes a row.
func (p *postgres) MakeWorkspace(ctx context.Context, name string) error {
	made := false
	err := p.once(ctx, func() error {
		if err := p.link.makeTables(ctx); err != nil {
			return err
		}
		tag, err := p.link.ask(ctx, insertState, nil, p.site.name, name)
		made = tag.RowsAffected() == 1
		return err
	})
	if err == nil && !made {
		return ErrWorkspaceExists
	}
	return err
}

// RemoveWorkspace removes all rows of a state.
func (p *postgres) RemoveWorkspace(ctx context.Context, name string) error {
	return p.once(ctx, func() error {
		_, err := p.link.ask(ctx, deleteState, nil, p.site.name, name)
		return err
	})
}

// once does a step that may be tried again, and needs the connection no longer.
func (p *postgres) once(ctx context.Context, step func() error) error {
	defer p.rest()
	p.mu.Lock()
	defer p.mu.Unlock()
	return again(ctx, func(int) error { return step() })
}
