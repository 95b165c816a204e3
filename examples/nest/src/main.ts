// The application's entry: settings from the environment, server up, SIGTERM down.
import { createApp } from './create-app.ts';
import { readSettings } from './settings.ts';

const settings = readSettings(process.env);
const app = await createApp(settings);
app.enableShutdownHooks();
await app.listen(settings.port, '127.0.0.1');
