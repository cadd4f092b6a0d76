/** Lists of models, as each vendor writes them. */
export function modelList(models: readonly string[], vendor: 'openai' | 'anthropic' | 'google'): object {
  switch (vendor) {
    case 'openai':
      return {
        object: 'list',
        data: models.map((id) => ({ id, object: 'model', created: 0, owned_by: 'fake' })),
      };
    case 'anthropic':
      return {
        data: models.map((id) => ({
          type: 'model',
          id,
          display_name: id,
          created_at: '2025-01-01T00:00:00Z',
        })),
        has_more: false,
        first_id: models[0] ?? null,
        last_id: models.at(-1) ?? null,
      };
    case 'google':
      return {
        models: models.map((id) => ({
          name: `models/${id}`,
          version: '001',
          displayName: id,
          inputTokenLimit: 1_048_576,
          outputTokenLimit: 8192,
          supportedGenerationMethods: ['generateContent', 'embedContent'],
        })),
      };
  }
}
