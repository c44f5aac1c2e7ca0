import * as z from 'zod';

// The Workers runtime allows no generated code: schemas are interpreted there, so they are here.
z.config({ jitless: true });
