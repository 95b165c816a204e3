// The application as it runs, and as the tests start it.
import type { INestApplication, NestApplicationOptions } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module.ts';
import type { Settings } from './settings.ts';

/** It does not listen yet. */
export const createApp = (settings: Settings, options: NestApplicationOptions = {}): Promise<INestApplication> =>
  NestFactory.create(AppModule.forRoot(settings), options);
